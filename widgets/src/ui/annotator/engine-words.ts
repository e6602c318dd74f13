/**
 * The texts of the engine, where jupyterlab-translate finds them: the engine says them in English and its texts are
 * translated where they are shown. Nothing calls this but the test that holds it to the engine.
 */
import type { Words } from '../words.js';

export function engineWords(trans: Words): string[] {
  return [...titles(trans), ...keyTitles(trans), ...edits(trans), ...notices(trans), ...states(trans)];
}

/** Of tools, kinds of shapes and groups of keys. */
function titles(trans: Words): string[] {
  return [
    ...[trans.__('Select'), trans.__('Box'), trans.__('Polygon'), trans.__('Smart polygon')],
    ...[trans.__('Polygon along edges'), trans.__('Point'), trans.__('Cut hole'), trans.__('Split'), trans.__('Pan')],
    ...[trans.__('Other shape')],
    ...[
      trans.__('Tools'),
      trans.__('Labels'),
      trans.__('Shapes'),
      trans.__('Edit'),
      trans.__('View'),
      trans.__('Images'),
    ],
  ];
}

/** Of actions beside those of tools. */
function keyTitles(trans: Words): string[] {
  return [
    ...[trans.__('Pan while held'), trans.__('Finish the shape'), trans.__('Step out')],
    ...[trans.__('Label 1'), trans.__('Label 2'), trans.__('Label 3'), trans.__('Label 4'), trans.__('Label 5')],
    ...[trans.__('Label 6'), trans.__('Label 7'), trans.__('Label 8'), trans.__('Label 9')],
    ...[trans.__('Next label'), trans.__('Previous label'), trans.__('Label used before')],
    ...[trans.__('Delete'), trans.__('Hide or show'), trans.__('Lock or unlock')],
    ...[trans.__('Next shape'), trans.__('Previous shape'), trans.__('To the front'), trans.__('To the back')],
    ...[trans.__('Nudge left'), trans.__('Nudge right'), trans.__('Nudge up'), trans.__('Nudge down')],
    ...[trans.__('Nudge left by 10'), trans.__('Nudge right by 10')],
    ...[trans.__('Nudge up by 10'), trans.__('Nudge down by 10')],
    ...[trans.__('Join'), trans.__('Simplify'), trans.__('Accept the proposal'), trans.__('Reject the proposal')],
    ...[trans.__('Undo'), trans.__('Redo'), trans.__('Copy'), trans.__('Paste'), trans.__('Duplicate')],
    ...[trans.__('Select all'), trans.__('Zoom in'), trans.__('Zoom out'), trans.__('Whole image'), trans.__('100 %')],
    ...[trans.__('Zoom to the selection'), trans.__('Crosshair'), trans.__('Hide or show all'), trans.__('Keys')],
    ...[trans.__('Previous image'), trans.__('Next image'), trans.__('Repeat the previous image')],
    ...[trans.__('Nothing on this image')],
  ];
}

/** Of what can be undone. */
function edits(trans: Words): string[] {
  return [
    ...[trans.__('Draw box'), trans.__('Draw polygon'), trans.__('Draw point'), trans.__('Draw along edges')],
    ...[trans.__('Refine outline'), trans.__('Move'), trans.__('Move %1 shapes'), trans.__('Resize')],
    ...[trans.__('Move vertex'), trans.__('Add vertex'), trans.__('Delete vertex'), trans.__('Nudge')],
    ...[trans.__('Hide'), trans.__('Show'), trans.__('Lock'), trans.__('Unlock'), trans.__('Label as %1')],
    ...[trans.__('Attributes'), trans.__('Repeat previous image')],
    ...[trans.__('Accept proposal'), trans.__('Accept %1 proposals'), trans.__('Reject proposal')],
    ...[trans.__('Mark empty'), trans.__('Mark not looked at'), trans.__('Mark reviewed')],
    ...[trans.__('Mark labeled'), trans.__('Mark unlabeled')],
  ];
}

/** Of what went wrong or what is to be done first. */
function notices(trans: Words): string[] {
  return [
    trans.__('Add a label first: what is drawn needs one.'),
    trans.__('Nobody here finds outlines: the polygon tool draws them by hand.'),
    trans.__('This image has annotations. Delete them first to mark it empty.'),
    trans.__('No outline was found there. Draw the box a little larger, or a stroke on the object.'),
    trans.__('Draw a box around an object first: then strokes add to its outline or take from it.'),
    trans.__('No outline: %1'),
    trans.__('Edges cannot be followed, so lines are straight: %1'),
    trans.__('This photo cannot be shown: %1'),
    trans.__('This browser cannot keep a copy: %1'),
  ];
}

/** Of images. */
function states(trans: Words): string[] {
  return [trans.__('unlabeled'), trans.__('empty'), trans.__('labeled'), trans.__('reviewed')];
}
