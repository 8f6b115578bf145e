import { createServer } from 'node:net';

const server = createServer((socket) => {
  socket.on('data', (data) => console.log(`bare: ${data}`));
});

server.listen(3000);
