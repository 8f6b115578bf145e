import { Server } from 'socket.io';

const io = new Server(3000, { pingInterval: 500, pingTimeout: 500 });
const unread = new Set();
let phone = null;
let number = 0;

const tell = (letter) => {
  phone?.emit('letter', letter, () => unread.delete(letter));
};

io.on('connection', (socket) => {
  console.log(`the phone is here, unread: ${unread.size}`);
  phone = socket;
  unread.forEach(tell);

  socket.on('disconnect', (reason) => {
    console.log(`the phone is gone: ${reason}`);
    phone = null;
  });
});

setInterval(() => {
  number += 1;
  unread.add(`letter ${number}`);
  tell(`letter ${number}`);
}, 1000);
