const [how] = process.argv.slice(2);
const socket = new WebSocket(`ws://server:3000/${how}`);
let pictures = 0;

socket.addEventListener('message', ({ data }) => {
  if (typeof data === 'string') {
    const when = pictures < 20 ? 'between' : 'after all 20';
    console.log(`${how}: the words come ${when} pictures`);
    return;
  }
  pictures += 1;
  if (pictures === 20) console.log(`${how}: all 20 pictures are here`);
});
