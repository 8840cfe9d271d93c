using System.Reflection;

namespace KeypointPipeline.Errors;

/// <summary>The version of the pipeline's programs.</summary>
public static class ProgramVersion
{
    /// <summary>Gets the version and, if the build knew it, the commit: for example <c>0.1.0+685cd15f</c>.</summary>
    public static string Current { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
