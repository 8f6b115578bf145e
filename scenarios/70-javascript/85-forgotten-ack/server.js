import { Server } from 'socket.io';

const io = new Server(3000);

io.on('connection', (socket) => {
  socket.on('save', (text, answer) => {
    console.log(`to save: "${text}"`);
    if (text === '') return;
    answer('kept');
  });
});
