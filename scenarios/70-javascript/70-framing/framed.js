import { createServer } from 'node:net';

const server = createServer((socket) => {
  let rest = Buffer.alloc(0);

  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
      const end = 2 + rest.readUInt16BE();
      const text = rest.toString('utf8', 2, end);
      console.log(`framed: ${text.length} octets, ${text.slice(0, 9)}`);
      rest = rest.subarray(end);
    }
  });
});

server.listen(3001);
