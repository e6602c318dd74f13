import { useEffect, useRef, type RefObject } from 'react';
import { AnnotatorCanvas } from '../../engine/canvas.js';
import { AssistBar } from './AssistBar.js';
import { ProposalsBar } from './ProposalsBar.js';
import type { Sitting } from './sitting.js';
import { useSitting } from './use-sitting.js';

/** The canvas with the photo and the shapes; what cannot be shown says why, and the next image still works. */
export function Stage({ sitting, host }: { sitting: Sitting; host: RefObject<HTMLDivElement> }) {
  const canvas = useRef<AnnotatorCanvas | undefined>(undefined);
  const picture = useSitting(sitting, (state) => state.picture);
  const loading = useSitting(sitting, (state) => state.loading);
  const { editor } = sitting;
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = new AnnotatorCanvas(host.current, editor);
    canvas.current = made;
    made.setPicture(sitting.state.picture);
    return () => {
      canvas.current = undefined;
      made.dispose();
    };
  }, [editor, host, sitting]);
  useEffect(() => {
    canvas.current?.setPicture(picture);
  }, [picture]);
  return (
    <div className="rf-stage">
      <div className="rf-canvas" ref={host} tabIndex={0} role="application" aria-label="Image" aria-busy={loading} />
      {loading ? <div className="rf-loading" role="status" aria-label="Loading the image" /> : null}
      <Problem sitting={sitting} />
      <AssistBar editor={editor} />
      <ProposalsBar editor={editor} />
    </div>
  );
}

function Problem({ sitting }: { sitting: Sitting }) {
  const problem = useSitting(sitting, (state) => state.problem);
  if (problem === undefined) return null;
  return (
    <div className="rf-broken" role="alert">
      <p>
        <strong>This image cannot be shown.</strong>
      </p>
      <p>{problem}</p>
      <button type="button" className="rf-wide" onClick={sitting.retry}>
        Try again
      </button>
    </div>
  );
}
