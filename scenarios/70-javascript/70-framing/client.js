import { connect } from 'node:net';

const words = ['one', 'two', 'three'];

const bare = connect(3000, 'server');
for (const word of words) bare.write(word);
bare.end();

const framed = connect(3001, 'server');
for (const text of [...words, 'x'.repeat(4000)]) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  framed.write(length);
  framed.write(text);
}
framed.end();
