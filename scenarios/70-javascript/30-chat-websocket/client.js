const [name, room, how, words, when] = process.argv.slice(2);
const socket = new WebSocket('ws://server:3000');
let frames = 0;
let octets = 0;

const count = (text) => {
  frames += 1;
  octets += text.length;
};

const send = (message) => {
  const text = JSON.stringify(message);
  count(text);
  socket.send(text);
};

socket.addEventListener('open', () => {
  send({ type: 'enter', name, room });
  setTimeout(send, when, { type: how, text: words });
  setTimeout(() => socket.close(), 2500);
});

socket.addEventListener('message', ({ data }) => {
  count(data);
  const { from, text } = JSON.parse(data);
  console.log(`${from}: ${text}`);
});

socket.addEventListener('close', () => {
  console.log(`${frames} frames, ${octets} octets in them`);
});
