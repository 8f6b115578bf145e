import { createServer } from 'node:net';

let came = 0;

const server = createServer((socket) => {
  let rest = '';

  socket.on('data', (data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop();
    came += lines.length;
    if (lines.length > 1) {
      console.log(`TCP: ${lines[0]} to ${lines.at(-1)} all at once`);
    }
  });
});

server.listen(7000);
setTimeout(() => console.log(`TCP: ${came} of 30 came`), 5500);
