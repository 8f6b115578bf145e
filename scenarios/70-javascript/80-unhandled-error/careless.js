import { connect } from 'node:net';

const socket = connect(3000, 'server');
socket.on('data', (data) => console.log(`${data}`));
