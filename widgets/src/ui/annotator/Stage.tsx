import { useEffect, type RefObject } from 'react';
import { AnnotatorCanvas } from '../../engine/canvas.js';
import { told, useWords } from '../words.js';
import { AssistBar } from './AssistBar.js';
import { ProposalsBar } from './ProposalsBar.js';
import type { Sitting } from './sitting.js';
import { useSitting } from './use-sitting.js';

/** The canvas with the photo and the shapes; what cannot be shown says why, and the next image still works. */
export function Stage({ sitting, host }: { sitting: Sitting; host: RefObject<HTMLDivElement> }) {
  const trans = useWords();
  const loading = useSitting(sitting, (state) => state.loading);
  const { editor } = sitting;
  useEffect(() => {
    if (host.current === null) return undefined;
    const canvas = new AnnotatorCanvas(host.current, editor);
    const follow = () => {
      canvas.setPicture(sitting.state.picture);
    };
    follow();
    // Not by way of a component: the photo is to come with the same frame as its shapes.
    const end = sitting.subscribe(follow);
    return () => {
      end();
      canvas.dispose();
    };
  }, [editor, host, sitting]);
  return (
    <div className="rf-stage">
      <div
        className="rf-canvas"
        ref={host}
        tabIndex={0}
        role="application"
        aria-label={trans.__('Image')}
        aria-busy={loading}
      />
      {loading ? <div className="rf-loading" role="status" aria-label={trans.__('Loading the image')} /> : null}
      <Problem sitting={sitting} />
      <AssistBar editor={editor} />
      <ProposalsBar editor={editor} />
    </div>
  );
}

function Problem({ sitting }: { sitting: Sitting }) {
  const trans = useWords();
  const problem = useSitting(sitting, (state) => state.problem);
  if (problem === undefined) return null;
  return (
    <div className="rf-broken" role="alert">
      <p>
        <strong>{trans.__('This image cannot be shown.')}</strong>
      </p>
      <p>{told(trans, problem)}</p>
      <button type="button" className="rf-wide" onClick={sitting.retry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
