/** A tar archive of these files; names over 100 characters are written in the style asked for. */
export function tarOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  style: 'gnu' | 'pax' | 'prefix' = 'gnu',
): Buffer {
  const blocks: Buffer[] = [];
  const add = (name: string, body: Buffer, type: string, prefix = ''): void => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.fill(' ', 148, 156);
    header.write(type, 156);
    header.write('ustar\x0000', 257, 'latin1');
    header.write(prefix, 345);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  };
  for (const [name, content] of Object.entries(files)) {
    const body = Buffer.from(content);
    if (name.length <= 100) add(name, body, '0');
    else if (style === 'prefix') {
      const cut = name.lastIndexOf('/', 154);
      add(name.slice(cut + 1), body, '0', name.slice(0, cut));
    } else {
      if (style === 'gnu') add('././@LongLink', Buffer.from(`${name}\0`), 'L');
      else add('PaxHeader', Buffer.from(`${name.length + 10} path=${name}\n`), 'x');
      add(name.slice(0, 100), body, '0');
    }
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
