import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, attributesOf, removeAttribute, setAttribute } from '../../../shared/planning/vm/xml/attributes.ts';
import { insertElement, makeElement, removeElement, setText } from '../../../shared/planning/vm/xml/edit-xml.ts';
import { readXml } from '../../../shared/planning/vm/xml/read-xml.ts';
import { elementOf, elementText, elementsOf, textOf, xmlText } from '../../../shared/planning/vm/xml/xml-tree.ts';
import { domainFixtures, fixture, valueOf } from './vm-kit.ts';

const rootOf = (xml: string) => valueOf(readXml(xml)).root;

/** Well-formed documents of all that XML has but document types. */
const documents = fc.letrec<{ node: string; element: string }>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, fc.constantFrom('', ' ', '\n  ', '\r\n\t', 'text', 'a &amp; b', '&#65;&#x1F600;', '<!-- c > d -->', '<![CDATA[<x> ]] &]]>', '<?p i?>', 'é✓😀'), tie('element')),
  element: fc.tuple(fc.constantFrom('a', 'b', 'q:c', 'long-name.x'), fc.constantFrom('', ' x="1"', ' x=\'a"b\' y = "&lt;&#9;"', '\n\tz="/>"', ' '), fc.constantFrom('', ' ', '\n'), fc.option(fc.array(tie('node'), { maxLength: 5 })))
    .map(([name, attributes, space, children]) => (children === null ? `<${name}${attributes}${space}/>` : `<${name}${attributes}${space}>${children.join('')}</${name}${space}>`)),
})).element;

describe('a tree that keeps its text', () => {
  it.each(domainFixtures)('%s is written as it was read', (name) => {
    expect(xmlText(valueOf(readXml(fixture(name))))).toBe(fixture(name));
  });

  it('any document is written as it was read', () => {
    fc.assert(fc.property(documents, fc.constantFrom('', '\uFEFF', '<?xml version="1.0"?>\n', '<!-- before --> '), fc.constantFrom('', '\n', '\n<!-- after -->\n<?end?>'), (element, before, after) => {
      expect(xmlText(valueOf(readXml(before + element + after)))).toBe(before + element + after);
    }), { numRuns: 300 });
  });

  it('what is said, without what is remarked', () => {
    expect(textOf(rootOf('<a> 1<!-- 2 --><![CDATA[<3>]]>&amp;<b>4</b><?p 5?> </a>'))).toBe('1<3>&');
    expect(attributesOf(rootOf('<a x="&lt;&#65;&#x42;&unknown;"\n y=\'"\'/>'.replace('&unknown;', '&quot;')))).toEqual([{ name: 'x', value: '<AB"' }, { name: 'y', value: '"' }]);
  });
});

describe('edits', () => {
  it('an attribute gets any value and gives it back, and the others stay', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('x', 'y', 'new'), (value, name) => {
      const element = rootOf('<a x="1" y=\'2\' />');
      setAttribute(element, name, value);
      expect(attributeOf(element, name)).toBe(value.replace(/[\t\r\n]/g, ' '));
      for (const other of ['x', 'y'].filter((one) => one !== name)) expect(attributeOf(element, other)).toBe(other === 'x' ? '1' : '2');
      removeAttribute(element, name);
      expect(attributesOf(element).map((attribute) => attribute.name)).toEqual(['x', 'y'].filter((one) => one !== name));
    }));
  });

  it('a new element stands where its order says, as its neighbours stand', () => {
    const root = rootOf('<a>\n\t<b/>\n\t<!-- of d -->\n\t<d/>\n</a>');
    insertElement(root, makeElement('c', { x: '<\'>' }), ['b', 'c', 'd']);
    insertElement(root, makeElement('a0'), ['a0', 'b']);
    insertElement(root, makeElement('unknown'), ['b']);
    expect(elementText(root)).toBe('<a>\n\t<a0/>\n\t<b/>\n\t<c x=\'&lt;&apos;&gt;\'/>\n\t<!-- of d -->\n\t<d/>\n\t<unknown/>\n</a>');
  });

  it('an empty parent opens, one step deeper than it stands', () => {
    const root = rootOf('<a>\n  <b/>\n</a>');
    const parent = elementOf(root, 'b') ?? root;
    insertElement(parent, makeElement('c'));
    insertElement(elementOf(parent, 'c') ?? parent, makeElement('d'));
    expect(elementText(root)).toBe('<a>\n  <b>\n    <c>\n      <d/>\n    </c>\n  </b>\n</a>');
  });

  it('what is put in and taken out again leaves no trace', () => {
    const xml = '<a>\n  <b/>\n  <c>text</c>\n</a>';
    const root = rootOf(xml);
    const element = makeElement('new');
    insertElement(root, element);
    removeElement(element);
    expect(elementText(root)).toBe(xml);
    for (const child of elementsOf(root)) removeElement(child);
    expect(elementText(root)).toBe('<a></a>');
  });

  it('a remark stays on the line, and with the element, that it is about', () => {
    const root = rootOf('<a>\n  <b/> <!-- of b -->\n  <c/> <!-- of c -->\n  <!-- of d -->\n  <d/>\n</a>');
    insertElement(root, makeElement('b2'), ['b', 'b2', 'c', 'd']);
    removeElement(elementOf(root, 'c') ?? root);
    expect(elementText(root)).toBe('<a>\n  <b/> <!-- of b -->\n  <b2/>\n   <!-- of c -->\n  <!-- of d -->\n  <d/>\n</a>');
  });

  it('text is set as text, and remarks beside it stay', () => {
    const root = rootOf('<a>old<!-- why --></a>');
    setText(root, '<new> & "so"');
    expect(elementText(root)).toBe('<a>&lt;new&gt; &amp; &quot;so&quot;<!-- why --></a>');
    expect(textOf(root)).toBe('<new> & "so"');
  });
});
