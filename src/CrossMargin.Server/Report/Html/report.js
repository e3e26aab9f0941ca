// Reads the values under the pointer. The charts are whole without it.
for (const figure of document.querySelectorAll('.chart')) {
  const data = JSON.parse(figure.querySelector('script').textContent);
  const svg = figure.querySelector('svg'), line = svg.querySelector('.cursor'), tip = figure.querySelector('.tip');
  const left = +svg.dataset.left, right = +svg.dataset.right, first = data.t[0], last = data.t[data.t.length - 1];
  const number = v => v === null ? '–' : data.unit === 'percent' ? v.toFixed(2) + ' %'
    : data.unit === 'price' ? String(v) : Math.round(v).toLocaleString('en-US');
  const show = event => {
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    const at = first + (Math.min(Math.max((event.clientX - box.left) * scale, left), right) - left) / (right - left) * (last - first);
    let i = data.t.findIndex(t => t >= at);
    if (i < 0) i = data.t.length - 1;
    if (i > 0 && at - data.t[i - 1] < data.t[i] - at) i--;
    const x = left + (data.t[i] - first) / Math.max(last - first, 1) * (right - left);
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
    line.style.visibility = 'visible';
    tip.replaceChildren(new Date(data.t[i]).toISOString().slice(0, 19).replace('T', ' '));
    for (const s of data.s) {
      const row = document.createElement('div'), dot = document.createElement('i');
      dot.style.background = `var(--${s.c})`;
      row.append(dot, s.n + ' ' + (s.u ? number(s.v[i]) + ' to ' + number(s.u[i]) : number(s.v[i])));
      tip.append(row);
    }
    tip.style.display = 'block';
    const half = x / scale > box.width / 2;
    tip.style.left = half ? '' : x / scale + 12 + 'px';
    tip.style.right = half ? box.width - x / scale + 12 + 'px' : '';
  };
  const hide = () => { line.style.visibility = 'hidden'; tip.style.display = 'none'; };
  svg.addEventListener('pointermove', show);
  svg.addEventListener('pointerdown', show);
  svg.addEventListener('pointerleave', hide);
}
