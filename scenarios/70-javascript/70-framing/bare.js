import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer({ pauseOnConnect: true }, async (socket) => {
  await sleep(500);
  socket.on('data', (data) => console.log(`bare: ${data}`));
  socket.resume();
});

server.listen(3000);
