// The app's icon as PNG, drawn from the same figures as public/icon.svg: some phones take no SVG.
import { crc32, deflateSync } from "node:zlib";

const SIZE = 512;
const BLUE = [0x0b, 0x4f, 0x8a];
const WHITE = [0xff, 0xff, 0xff];
const YELLOW = [0xff, 0xc5, 0x3d];

export function iconPng(): Buffer {
  const rows = Array.from({ length: SIZE }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: SIZE }, (_, x) => colourAt(x + 0.5, y + 0.5)).flat()]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  // Eight bits of red, green and blue; nothing interlaced.
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", body), chunk("IEND")]);
}

function colourAt(x: number, y: number): number[] {
  const across = Math.abs(x - 256);
  if (y >= 112 && y < 232 && across < ((y - 112) * 144) / 120) {
    return WHITE;
  }
  if (y >= 232 && y < 328 && across < 108) {
    return y >= 264 && across < 24 ? BLUE : WHITE;
  }
  return y >= 328 && y < 416 && across < 24 + ((y - 328) * 40) / 88 ? YELLOW : BLUE;
}

function chunk(name: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
