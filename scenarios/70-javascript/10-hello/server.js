import { Server } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  socket.emit('chat', 'hi');

  socket.on('chat', (text) => {
    console.log(`the browser says ${text}`);
  });
});
