const socket = new WebSocket('ws://server:3000');
let octets = 0;

socket.addEventListener('message', ({ data }) => {
  octets += data.length;
  console.log(`${data} (requests: 1, octets: ${octets})`);
});
