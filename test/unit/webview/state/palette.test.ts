import assert from 'node:assert';
import { attributeText, attributeValue } from '../../../../webview/state/attributes';
import {
  annotationColor,
  categoryColor,
  parseColor,
  toHex,
} from '../../../../webview/state/palette';
import { annotation } from '../../../support/pageSession';

describe('colours', () => {
  it('stay with the category’s id, and the category’s own colour wins', () => {
    const dog = { id: 3, name: 'dog' };
    assert.deepStrictEqual(categoryColor(dog), categoryColor({ id: 3, name: 'cat' }));
    assert.strictEqual(toHex(categoryColor({ ...dog, color: '#12ab00' })), '#12ab00');
    assert.strictEqual(toHex(categoryColor({ ...dog, promptmark: { color: '#abc' } })), '#aabbcc');
    assert.deepStrictEqual(categoryColor({ ...dog, color: 'nonsense' }), categoryColor(dog));
    for (const id of [-5, 0, 1, 1e9])
      assert.strictEqual(categoryColor({ id, name: 'x' }).length, 3);
  });

  it('differ between neighbours of one category', () => {
    const dog = { id: 3, name: 'dog' };
    const colors = [1, 2, 3, 4, 5].map((id) => toHex(annotationColor(annotation(id, []), dog)));
    assert.strictEqual(new Set(colors).size, 5);
  });

  it('are read as three or six digits only', () => {
    for (const bad of ['', 'red', '#12', '#12345g', 7, null])
      assert.strictEqual(parseColor(bad), null);
  });
});

describe('attributes', () => {
  it('come back as the value they were', () => {
    for (const value of ['text', '007', 7, -1.5, true, null, [1, 'a'], { a: 1 }])
      assert.deepStrictEqual(attributeValue(attributeText(value), value), value);
  });

  it('read a new value as JSON where it is some', () => {
    const check = (text: string, value: unknown): void =>
      assert.deepStrictEqual(attributeValue(text, undefined), value);
    check('true', true);
    check(' 12 ', 12);
    check('12 cm', '12 cm');
    check('[1, 2', '[1, 2');
    check('{"a":1}', { a: 1 });
    check('left', 'left');
  });
});
