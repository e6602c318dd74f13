"""What can be measured of how the panel looks: whether all of it is there, and whether it stands out."""

from __future__ import annotations

from playwright.sync_api import Page

HIGH_CONTRAST = "JupyterLab Dark High Contrast"

_TOOLS = """
    const within = [...document.querySelectorAll('.jp-rf-DatasetWidget, .jp-rf-SidebarWidget')]
        .filter(one => one.checkVisibility());
    const all = selector => within.flatMap(one => [...one.querySelectorAll(selector)])
        .filter(one => one.checkVisibility({ opacityProperty: true }) && one.getClientRects().length > 0);
    const named = one => `${one.tagName.toLowerCase()}.${String(one.className.baseVal ?? one.className)} `
        + `“${(one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40)}”`;
"""

_CUT_OFF = f"""() => {{{_TOOLS}
    const wrong = [];
    if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is wider than the screen');
    const isClipped = one => one.scrollWidth > one.clientWidth + 1;
    const CONTROLS = 'button, input, select, summary, a, [role=option]';
    for (const one of all('*')) {{
        if (one instanceof SVGElement || one.clientWidth === 0) continue;
        const {{ overflowX, textOverflow }} = getComputedStyle(one);
        const isControl = one.matches('button, summary');
        if (isClipped(one) && (isControl || (overflowX !== 'visible' && textOverflow !== 'ellipsis')))
            wrong.push(`${{named(one)}} is wider than its place`);
    }}
    for (const root of within) {{
        const edge = root.getBoundingClientRect();
        for (const one of all(CONTROLS)) {{
            if (!root.contains(one)) continue;
            const box = one.getBoundingClientRect();
            if (box.right > edge.right + 1 || box.left < edge.left - 1) wrong.push(`${{named(one)}} sticks out`);
        }}
    }}
    for (const one of all(CONTROLS)) {{
        const {{ x, y, width, height }} = one.getBoundingClientRect();
        const [cx, cy] = [x + width / 2, y + height / 2];
        let isInView = width > 0;
        for (let box = one.parentElement; box !== null && isInView; box = box.parentElement) {{
            const edge = box.getBoundingClientRect();
            if (getComputedStyle(box).overflowY !== 'visible') isInView = cy > edge.top && cy < edge.bottom;
        }}
        const there = isInView ? document.elementFromPoint(cx, cy) : one;
        if (there === null || !(one.contains(there) || there.contains(one)))
            wrong.push(`${{named(one)}} lies under ${{there && named(there)}}`);
    }}
    return wrong;
}}"""

_FAINT = f"""() => {{{_TOOLS}
    const pen = new OffscreenCanvas(1, 1).getContext('2d', {{ willReadFrequently: true }});
    const channels = (...colors) => {{
        pen.clearRect(0, 0, 1, 1);
        for (const color of colors) {{ pen.fillStyle = color; pen.fillRect(0, 0, 1, 1); }}
        return [...pen.getImageData(0, 0, 1, 1).data];
    }};
    const luminance = rgb => rgb.slice(0, 3).map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, n) => sum + value * [0.2126, 0.7152, 0.0722][n], 0);
    const behind = one => {{
        const layers = [];
        for (let box = one; box; box = box.parentElement) layers.unshift(getComputedStyle(box).backgroundColor);
        return ['white', ...layers];
    }};
    const contrast = (color, ground) => {{
        const [one, other] = [luminance(channels(...ground, color)), luminance(channels(...ground))];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }};
    const wrong = [];
    const look = (one, color, ground, what) => {{
        const found = contrast(color, ground);
        if (found < 3) wrong.push(`${{named(one)}}: ${{what}} has a contrast of ${{found.toFixed(1)}}`);
    }};
    const shadows = (one, part) =>
        [...getComputedStyle(one, part).boxShadow.matchAll(/(?:rgba?|color)\\([^)]*\\)/g), 'transparent'].map(String);
    for (const one of all('.jp-rf-Tab[aria-selected=true]'))
        look(one, getComputedStyle(one).borderBottomColor, behind(one.parentElement), 'being selected');
    for (const one of all('.jp-rf-Cell.jp-mod-selected .jp-rf-Cell-picture'))
        look(one, getComputedStyle(one).borderTopColor, behind(one.parentElement), 'being selected');
    const marked = '.jp-rf-Dataset[aria-current=true], .rf-button[aria-pressed=true], .rf-row[data-chosen=true]';
    for (const one of all(marked)) look(one, shadows(one)[0], behind(one), 'being chosen');
    const edged = '.jp-rf-Input, .jp-rf-Select, .rf-input,'
        + ' .jp-rf-Button:not([aria-disabled=true], .jp-rf-mod-quiet, .jp-rf-mod-accept)';
    for (const one of all(edged))
        look(one, getComputedStyle(one).borderTopColor, behind(one.parentElement), 'its edge');
    const before = document.activeElement;
    for (const one of all('button, input, select, summary, [tabindex="0"]:not(.jp-rf-Grid, rect)')) {{
        one.focus({{ preventScroll: true }});
        if (document.activeElement !== one || !one.matches(':focus-visible')) continue;
        const isCanvas = one.matches('.rf-canvas');
        const ring = getComputedStyle(one);
        const outline = ring.outlineStyle === 'none' ? 'transparent' : ring.outlineColor;
        const stands = parseFloat(ring.outlineOffset) > 0 ? one.parentElement : one;
        // Over a photo a ring has two colours, which stand apart from each other.
        const [color, ground] = isCanvas ? shadows(one, '::after') : [outline, behind(stands)];
        look(one, color, [ground].flat(), 'the ring of the keyboard');
    }}
    before?.focus?.({{ preventScroll: true }});
    return [...new Set(wrong)];
}}"""


def cut_off(page: Page) -> list[str]:
    """What scrolls sideways, is cut off, sticks out or lies under something else, in the panel and its sidebar."""
    return page.evaluate(_CUT_OFF)


def faint(page: Page) -> list[str]:
    """Edges, marks of what is selected and rings of the keyboard whose contrast is below 3:1 (WCAG 1.4.11, 2.4.11)."""
    page.keyboard.press("Shift")  # from now on the ring of the keyboard is shown
    return page.evaluate(_FAINT)


def change_theme(page: Page, name: str) -> None:
    """Another theme, until it is there."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)
