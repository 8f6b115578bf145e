import { createServer } from 'node:net';

const server = createServer((socket) => {
  socket.write('welcome');
  setTimeout(() => socket.resetAndDestroy(), 1000);
});

server.listen(3000);
