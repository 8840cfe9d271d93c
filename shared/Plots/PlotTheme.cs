namespace KeypointPipeline.Plots;

/// <summary>The colours of a plot.</summary>
public enum PlotTheme
{
    /// <summary>Dark lines and text on white.</summary>
    Light,

    /// <summary>Light lines and text on the dark ground of the page.</summary>
    Dark,
}
