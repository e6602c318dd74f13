// Runs in every measured page before its own scripts: when frames came, when they were painted, what they show.
(() => {
  const bench = { frames: [], paints: [], latencies: [], began: 0, pressed: 0, reached: undefined };
  let recording = false;
  let drawn = false;
  let moves = 0;
  let last, lastPaint, inputAt, expected, expectedAt, placedAt, where;
  const renderTimes = new WeakMap();
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  const small = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  // A frame in which nobody drew on a canvas (or changed the observed elements) is no paint.
  for (const name of ['clearRect', 'drawImage', 'putImageData']) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      drawn = true;
      return original.apply(this, given);
    };
  }
  bench.observe = (selector) => {
    const changes = new MutationObserver(() => { drawn = true; });
    changes.observe(document.querySelector(selector), { subtree: true, childList: true, attributes: true });
  };

  const onInput = (event) => {
    if (event.type === 'pointermove' || event.type === 'wheel') moves++;
    else if (event.type !== 'keyup') bench.pressed = event.timeStamp;
    if (event.type === 'pointerup') bench.released = performance.timeOrigin + event.timeStamp;
    if (bench.timing && event.type === 'pointermove') {
      inputAt = event.timeStamp;
      drawn = false;
    }
  };
  for (const type of ['pointermove', 'pointerdown', 'pointerup', 'keydown', 'keyup', 'click', 'wheel'])
    window.addEventListener(type, onInput, { capture: true, passive: true });

  // Time from a frame in which the hand moved to the frame after it.
  let moved = false;
  const onFrame = (at) => {
    if (recording && moved && last !== undefined) bench.frames.push(at - last);
    moved = moves > 0;
    moves = 0;
    last = at;
    // Posted within a frame, handled after it: style, layout and paint of the frame are done.
    channel.port2.postMessage(0);
    requestAnimationFrame(onFrame);
  };
  const afterFrame = () => {
    const now = performance.now();
    if (drawn && recording) {
      if (lastPaint !== undefined) bench.paints.push(now - lastPaint);
      lastPaint = now;
    }
    if (drawn && inputAt !== undefined) {
      bench.latencies.push(now - inputAt);
      inputAt = undefined;
    }
    drawn = false;
    const found = expected?.(now);
    if (found) {
      bench.reached = found === true ? now : found;
      expected = undefined;
    }
  };
  const channel = new MessageChannel();
  channel.port1.onmessage = afterFrame;
  requestAnimationFrame(onFrame);

  bench.record = (on) => {
    recording = on;
    last = lastPaint = undefined;
    if (on) bench.frames = [], bench.paints = [];
  };
  // What stretches over which element: the whole image (3000 × 2000) in its middle, with some room around it.
  bench.look = (selector, room) => { where = { selector, room }; };
  bench.place = ([x, y]) => {
    const { left, top, width, height } = document.querySelector(where.selector).getBoundingClientRect();
    const zoom = where.room * Math.min(width / 3000, height / 2000);
    return [left + width / 2 + (x - 1500) * zoom, top + height / 2 + (y - 1000) * zoom];
  };
  // Call before what is timed; `reached` is when a painted frame was as `test` wants it, or the time that it answers.
  bench.expect = (test) => {
    bench.reached = placedAt = undefined;
    expectedAt = performance.now();
    expected = test;
  };
  // An <img> is complete with its bytes; its pixels are decoded and on the screen later, which the browser reports.
  bench.watchPhotos = () => {
    const mark = () => {
      for (const photo of document.querySelectorAll('img:not([elementtiming])')) photo.setAttribute('elementtiming', '');
    };
    new MutationObserver(mark).observe(document.body, { subtree: true, childList: true });
    const report = (list) => list.getEntries().forEach(({ element, renderTime }) => renderTimes.set(element, renderTime));
    new PerformanceObserver(report).observe({ type: 'element' });
  };
  const isNear = (at, isIt) => {
    const canvas = document.querySelector(where.selector + ' canvas') ?? document.querySelector(where.selector);
    if (!(canvas instanceof HTMLCanvasElement)) return false;
    const { left, top, width } = canvas.getBoundingClientRect();
    const [x, y] = bench.place(at);
    const scale = canvas.width / width;
    draw.call(small, canvas, Math.round((x - left) * scale) - 4, Math.round((y - top) * scale) - 4, 9, 9, 0, 0, 9, 9);
    const { data } = small.getImageData(0, 0, 9, 9);
    for (let i = 0; i < data.length; i += 4) if (isIt(data[i], data[i + 1], data[i + 2], data[i + 3])) return true;
    return false;
  };
  // The photo shows its patch of colour and the last shape of all has its line.
  bench.isShown = ({ mark, patch, green }) =>
    document.querySelector(where.selector) !== null &&
    isNear(patch, (r, g, b) => (green ? g > r + 60 && g > b + 60 : b > r + 60 && b > g + 60)) &&
    isNear(mark, (r, g, b, a) => a > 200 && r > 165 && b > 165 && g < 110);
  // The same for shapes that are elements over an <img>: all of them are there, the last one where it belongs. The photo
  // is looked into once it is on the screen: before, looking would decode it a second time.
  bench.isShownInSvg = (now, { mark, patch, green }, selector, count) => {
    const photo = document.querySelector(where.selector);
    const shapes = document.querySelectorAll(selector);
    if (!photo?.complete || photo.naturalWidth !== 3000 || shapes.length !== count) return false;
    const { left, top, height } = shapes[count - 1].getBoundingClientRect();
    const [x, y] = bench.place(mark);
    if (Math.abs(left - x) > 3 || Math.abs(top + height / 2 - y) > 3) return false;
    placedAt ??= now;
    const renderedAt = renderTimes.get(photo);
    if (!(renderedAt >= expectedAt)) return false;
    draw.call(small, photo, patch[0], patch[1], 1, 1, 0, 0, 1, 1);
    const [r, g, b] = small.getImageData(0, 0, 1, 1).data;
    return (green ? g > r + 60 && g > b + 60 : b > r + 60 && b > g + 60) && Math.max(placedAt, renderedAt);
  };
  window.bench = bench;
})();
