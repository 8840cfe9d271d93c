namespace KeypointPipeline.Structure.Tests;

/// <summary>Hand-written C# files of the checkout. Everything that is built lies in <c>artifacts/</c>.</summary>
internal static class SourceFiles
{
    /// <summary>The files of a folder and all below it.</summary>
    public static IEnumerable<string> Of(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
        .Order(StringComparer.Ordinal);
}
