/**
 * What the components use of React, over Preact: `react` in the bundles of notebooks. `preact/compat` has all of React
 * and is five times this. What somebody uses that is not here is missed when the bundle is made.
 */
import { options, type VNode } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export { createContext, Fragment } from 'preact';
export * from 'preact/hooks';

interface Shown<T> {
  value: T;
  read: () => T;
}

/** A value of a store outside; the component follows it. */
export function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, read: () => T): T {
  const value = read();
  const shownRef = useRef<Shown<T>>({ value, read });
  const [, again] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    shownRef.current = { value, read };
    if (isOld(shownRef.current)) again(undefined);
  });
  useEffect(() => {
    const look = () => {
      if (isOld(shownRef.current)) again(undefined);
    };
    look();
    return subscribe(look);
  }, [subscribe]);
  return value;
}

function isOld<T>({ value, read }: Shown<T>): boolean {
  return !Object.is(value, read());
}

type Props = VNode<Record<string, unknown>>['props'];

/** The `type` of inputs whose `change` comes at once; of the others `input` does. */
const AT_ONCE = /checkbox|radio|file/;

/** An element's properties as Preact has them: React's `onChange` is `onInput` of what is typed into, numbers in `style` are pixels. */
function domProps(type: string, props: Props): Props {
  const { onChange, style, ...rest } = props;
  const typed = type === 'textarea' || (type === 'input' && !AT_ONCE.test(String(props.type)));
  if (onChange !== undefined) rest[typed ? 'onInput' : 'onChange'] = onChange;
  if (style !== undefined) rest.style = Object.fromEntries(Object.entries(style as object).map(inPixels));
  return rest;
}

/** Custom properties stay the numbers they are. */
function inPixels([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [name, typeof value === 'number' && !name.startsWith('--') ? `${String(value)}px` : value];
}

options.vnode = (made: VNode) => {
  const { type, props } = made;
  if (typeof type === 'string' && ('onChange' in props || 'style' in props)) made.props = domProps(type, props);
};
