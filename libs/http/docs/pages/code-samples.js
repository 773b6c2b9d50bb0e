// The samples of `x-codeSamples` as tabs (WAI-ARIA Authoring Practices, pattern "Tabs") above the responses of an
// operation.

const storageKey = 'code-sample';
const listeners = new Set();
let chosen = read();

/** The label of the language that the reader chose last; all operations follow it. */
function read() {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    // Storage may be forbidden.
    return null;
  }
}
function choose(label) {
  chosen = label;
  try {
    localStorage.setItem(storageKey, label);
  } catch {
    // Then the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}
function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function copy(text) {
  // The clipboard is there for pages of https and of localhost only.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'off-screen';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('The browser does not let pages copy.');
}

/** Where the keys of the pattern lead from tab `at` of `count`. */
const moves = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

/** A plugin for Swagger UI. */
export const CodeSamples = ({ React }) => {
  const h = React.createElement;

  function Samples({ samples }) {
    const id = React.useId();
    const label = React.useSyncExternalStore(subscribe, () => chosen);
    const tabs = React.useRef([]);
    const [said, say] = React.useState('');
    const at = Math.max(
      samples.findIndex((sample) => sample.label === label),
      0,
    );

    const onKeyDown = (event) => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      const next = move(at, samples.length);
      choose(samples[next].label);
      tabs.current[next].focus();
    };
    const onCopy = () =>
      copy(samples[at].source).then(
        () => say('Copied'),
        () => say('Not copied: the browser does not allow it'),
      );
    // What was copied is no longer what is shown.
    React.useEffect(() => say(''), [at]);

    return h(
      'section',
      { className: 'code-samples', 'aria-labelledby': `${id}title` },
      h('div', { className: 'opblock-section-header' }, h('h4', { id: `${id}title` }, 'Code samples')),
      h(
        'div',
        { className: 'code-samples-bar' },
        h(
          'div',
          { role: 'tablist', 'aria-labelledby': `${id}title`, onKeyDown },
          samples.map((sample, i) =>
            h(
              'button',
              {
                key: sample.label,
                ref: (element) => (tabs.current[i] = element),
                type: 'button',
                role: 'tab',
                id: `${id}tab${i}`,
                'aria-selected': i === at,
                'aria-controls': `${id}panel`,
                tabIndex: i === at ? 0 : -1,
                onClick: () => choose(sample.label),
              },
              sample.label,
            ),
          ),
        ),
        h('span', { role: 'status' }, said),
        h(
          'button',
          { type: 'button', className: 'code-samples-copy', onClick: onCopy },
          'Copy',
          h('span', { className: 'off-screen' }, ` the ${samples[at].label} sample`),
        ),
      ),
      h(
        'pre',
        { role: 'tabpanel', id: `${id}panel`, 'aria-labelledby': `${id}tab${at}`, tabIndex: 0 },
        h('code', null, samples[at].source),
      ),
    );
  }

  return {
    wrapComponents: {
      responses: (Responses, { specSelectors }) =>
        function ResponsesWithSamples(props) {
          const samples = specSelectors.specJson().getIn(['paths', props.path, props.method, 'x-codeSamples']);
          return h(
            React.Fragment,
            null,
            samples?.size > 0 && h(Samples, { samples: samples.toJS() }),
            h(Responses, props),
          );
        },
    },
  };
};
