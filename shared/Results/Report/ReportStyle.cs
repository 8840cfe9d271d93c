using System.Text;
using KeypointPipeline.Results.Overlays;

namespace KeypointPipeline.Results.Report;

/// <summary>The report's style sheet.</summary>
internal static class ReportStyle
{
    public const string Css =
        """
        :root {
          color-scheme: light dark;
          --page: #f6f6f3; --card: #ffffff; --ink: #1d1f23; --soft: #666b74; --line: #e2e2dc; --good: #1a7f4b; --bad: #b3372f; --doubt: #8f6200;
        }
        @media (prefers-color-scheme: dark) {
          :root { --page: #131417; --card: #1d1f24; --ink: #eceef1; --soft: #9aa1ac; --line: #2d3037; --good: #58c98b; --bad: #f0837a; --doubt: #f2b63c; }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; padding: clamp(1rem, 4vw, 3rem); max-width: 84rem; background: var(--page); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
        }
        a { color: inherit; }
        code { font: 0.95em ui-monospace, "SF Mono", Consolas, monospace; overflow-wrap: anywhere; }
        h1 { margin: 0 0 1.25rem; font-size: clamp(1.7rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
        h2 { margin: 2.5rem 0 0.25rem; font-size: 1.25rem; letter-spacing: -0.01em; }
        .eyebrow { margin: 0; color: var(--soft); font-size: 0.8rem; font-weight: 600; letter-spacing: 0.12em; text-transform: uppercase; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.25rem, 1fr)); gap: 0.75rem; margin: 0; }
        .figures div { padding: 0.9rem 1.1rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
        dt { color: var(--soft); font-size: 0.85rem; }
        dd { margin: 0; font-size: 1.7rem; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
        .good dd { color: var(--good); }
        .bad dd { color: var(--bad); }
        .doubt dd { color: var(--doubt); }
        .made, .note, .empty, footer { color: var(--soft); font-size: 0.9rem; }
        .note { margin: 0 0 1rem; }
        @media (min-width: 56rem) and (min-height: 40rem) { .legend { position: sticky; top: 0; z-index: 1; } }
        .legend { margin: 1.5rem -0.5rem 0; padding: 0.6rem 0.5rem; background: var(--page); border-bottom: 1px solid var(--line); }
        .legend ul { display: flex; flex-wrap: wrap; gap: 0.1rem 0.35rem; margin: 0; padding: 0; list-style: none; }
        .legend li { display: flex; align-items: center; gap: 0.4rem; padding: 0.1rem 0.55rem; border-radius: 99px; font-size: 0.85rem; cursor: default; }
        .legend li:hover { background: var(--line); }
        .legend i { width: 0.75rem; height: 0.75rem; border: 1.5px solid #000a; border-radius: 50%; }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 44vw), 1fr)); gap: 0.9rem; }
        figure { margin: 0; overflow: hidden; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
        figure:target { outline: 3px solid var(--good); outline-offset: 2px; }
        figure.wide, figure.one:target { grid-column: span 2; grid-row: span 2; }
        figure.doubtful { border-color: var(--doubt); }
        figure.one figcaption a { text-decoration: none; }
        .box { fill: #0000; stroke: #fff; stroke-width: 1.5px; vector-effect: non-scaling-stroke; paint-order: stroke; filter: drop-shadow(0 0 1px #000); }
        .box.doubtful { stroke: #ffb000; stroke-dasharray: 5 3; }
        a:hover > .box, a:focus > .box { stroke-width: 3px; }
        svg { display: block; width: 100%; aspect-ratio: 1; background: #0b0c0e; }
        circle { stroke: #000b; stroke-width: 0.45%; transition: opacity 0.12s; }
        circle:hover { stroke: #fff; stroke-width: 1%; }
        figcaption { padding: 0.5rem 0.7rem; overflow: hidden; font-size: 0.8rem; white-space: nowrap; text-overflow: ellipsis; }
        figcaption span { display: block; color: var(--soft); font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
        table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
        th, td { padding: 0.55rem 0.9rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        tbody tr:last-child td { border-bottom: 0; }
        th { color: var(--soft); font-weight: 600; }
        td:first-child { min-width: 10rem; }
        footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }

        """;

    /// <summary>Each keypoint's colour, and the rule that dims the other keypoints while the pointer is on its name.</summary>
    /// <param name="palette">The colours.</param>
    /// <param name="keypoints">How many keypoints are shown.</param>
    public static string ForKeypoints(KeypointPalette palette, int keypoints)
    {
        var css = new StringBuilder();
        for (int k = 0; k < keypoints; k++)
        {
            css.Append($".k{k} {{ fill: {palette[k]}; background: {palette[k]}; }}\n");
            css.Append($"main:has(.l{k}:hover) circle:not(.k{k}) {{ opacity: 0.12; }}\n");
        }

        return css.ToString();
    }
}
