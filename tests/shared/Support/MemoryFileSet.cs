using System.Text;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A set of files in memory.</summary>
internal sealed class MemoryFileSet(params (string Path, byte[] Content)[] files) : FileSet(
    "set", files.Select(file => new SetFile(file.Path, file.Content.Length, _ => Task.FromResult<Stream>(new ForwardStream(file.Content)))))
{
    public MemoryFileSet(params (string Path, string Content)[] files)
        : this([.. files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Content)))])
    {
    }

    /// <summary>Files without content.</summary>
    public static MemoryFileSet Of(params string[] paths) => new([.. paths.Select(path => (path, Array.Empty<byte>()))]);
}
