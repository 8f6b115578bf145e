import { Server } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  const { name, room } = socket.handshake.auth;
  socket.join(room);
  console.log(`${name} enters ${room}`);

  socket.on('say', (text) => io.to(room).emit('said', name, text));
  socket.on('shout', (text) => socket.broadcast.emit('said', name, text));
  socket.on('disconnect', () => console.log(`${name} is gone`));
});
