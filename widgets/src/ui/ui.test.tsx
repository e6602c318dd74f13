import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { About, DatasetCard } from './index.js';

describe('the dataset card', () => {
  const html = renderToStaticMarkup(
    <DatasetCard
      summary={{ name: 'a <b> & c', images: 1, seen: 0, labels: [{ name: 'RBC', color: '#aa0000', count: 1200 }] }}
    />,
  );

  test('says what the dataset holds', () => {
    expect(html).toContain('1 image, 1,200 annotations');
    expect(html).toContain('background-color:#aa0000');
  });

  test('shows a name as text, whatever is in it', () => {
    expect(html).toContain('a &lt;b&gt; &amp; c');
    expect(html).not.toContain('<b>');
  });
});

describe('about', () => {
  test('says that the server answers', () => {
    const html = renderToStaticMarkup(<About version="1.2.3" health={{ state: 'live' }} />);
    expect(html).toContain('jupyter-roboflow 1.2.3');
    expect(html).toContain('data-health="live"');
  });

  test('says why it does not', () => {
    const html = renderToStaticMarkup(<About version="1.2.3" health={{ state: 'unreachable', reason: '404' }} />);
    expect(html).toContain('does not answer: 404');
  });
});
