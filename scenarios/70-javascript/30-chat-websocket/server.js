import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 3000 });

const tell = (clients, from, text) => {
  const message = JSON.stringify({ from, text });
  for (const client of clients) client.send(message);
};

server.on('connection', (socket) => {
  const everybody = () => [...server.clients];
  const others = () => everybody().filter((client) => client !== socket);
  const room = () => everybody().filter(({ room }) => room === socket.room);

  socket.on('message', (data) => {
    const { type, name, room: where, text } = JSON.parse(data);
    if (type === 'enter') {
      Object.assign(socket, { name, room: where });
      console.log(`${name} enters ${where}`);
    }
    if (type === 'say') tell(room(), socket.name, text);
    if (type === 'shout') tell(others(), socket.name, text);
  });

  socket.on('close', () => console.log(`${socket.name} is gone`));
});
