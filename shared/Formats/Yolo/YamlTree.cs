using KeypointPipeline.Files;
using KeypointPipeline.Sources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>Reads a small YAML file into texts, lists and mappings, event by event. Aliases count as empty: they are never expanded.</summary>
internal static class YamlTree
{
    private const int LargestBytes = 1024 * 1024;
    private const int Deepest = 16;

    /// <summary>Reads the file.</summary>
    /// <returns>The mapping at the top.</returns>
    /// <exception cref="RejectedFileException">The file is not YAML, or has no mapping at the top, or is too large or too deep.</exception>
    public static async Task<IReadOnlyDictionary<string, object?>> ReadAsync(SetFile file, CancellationToken cancellationToken)
    {
        string name = FileNames.OwnName(file.Path);
        await using Stream stream = await file.OpenAsync(cancellationToken);
        using var content = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            if (content.Length + read > LargestBytes)
                throw new RejectedFileException($"{name} has more than {LargestBytes:N0} bytes. Expected a description of the dataset.");
            content.Write(buffer, 0, read);
        }

        content.Position = 0;
        try
        {
            var parser = new Parser(new StreamReader(content));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return Read(parser, name, depth: 0) as Dictionary<string, object?>
                ?? throw new RejectedFileException($"{name} has no members. Expected {YoloFormat.Shape}, names, train and val.");
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or EndOfStreamException)
        {
            // The library throws the others for some damaged texts.
            string place = e is YamlException yaml ? $" at line {yaml.Start.Line:N0}, column {yaml.Start.Column:N0}" : "";
            throw new RejectedFileException($"{name} is not valid YAML{place}. Correct it or export it again.", e);
        }
    }

    private static object? Read(Parser parser, string name, int depth)
    {
        if (depth > Deepest)
            throw new RejectedFileException($"{name} is nested more than {Deepest} levels deep. Expected {YoloFormat.Shape}, names, train and val.");
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
            return scalar.Value;
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new List<object?>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Read(parser, name, depth + 1));
            return list;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var members = new Dictionary<string, object?>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                object? key = Read(parser, name, depth + 1);
                object? value = Read(parser, name, depth + 1);
                members[key as string ?? ""] = value;
            }

            return members;
        }

        parser.MoveNext();
        return null;
    }
}
