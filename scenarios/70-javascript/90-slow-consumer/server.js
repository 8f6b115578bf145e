import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 3000 });
const picture = Buffer.alloc(50_000);

server.on('connection', async (socket, request) => {
  const how = request.url.slice(1);
  let most = 0;
  setTimeout(() => socket.send('some words'), 500);

  for (let number = 1; number <= 20; number += 1) {
    while (how === 'patient' && socket.bufferedAmount > 100_000) {
      await sleep(20);
    }
    socket.send(picture);
    most = Math.max(most, socket.bufferedAmount);
  }

  const size = most > 500_000 ? 'more' : 'less';
  console.log(`${how}: ${size} than 500 kB waited at a time`);
});
