using System.Globalization;
using System.Text.Json;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;

namespace KeypointPipeline.Models;

/// <content>Converts the metadata to and from the text properties of an ONNX file.</content>
public sealed partial record ModelMetadata
{
    /// <summary>Gets the properties that an exporter writes, in a fixed order. The inverse of <see cref="FromProperties"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToProperties()
    {
        var properties = new List<KeyValuePair<string, string>>
        {
            new(FormatKey, FormatVersion),
            new(SchemaKey, PipelineJson.Write(Schema)),
            new(NetworkKey, Network),
            new(DataFingerprintKey, DataFingerprint),
            new(FinderKey, FinderNames.Of(Finder)),
        };
        if (ValidationRmse is double rmse)
            properties.Add(new(ValidationRmseKey, rmse.ToString("R", CultureInfo.InvariantCulture)));
        if (SparseOffsets is not null)
            properties.Add(new(SparseOffsetsKey, WriteOffsets(SparseOffsets)));
        if (Gaps.Unlabelled.Count > 0)
            properties.Add(new(UnlabelledKey, PipelineJson.Write(Gaps.Unlabelled)));
        if (Gaps.Uncalibrated.Count > 0)
            properties.Add(new(UncalibratedKey, PipelineJson.Write(Gaps.Uncalibrated)));
        if (Framing.Kind != FramingKind.Given)
            properties.Add(new(FramingKey, PipelineJson.Write(Framing)));
        if (Face is not null)
            properties.Add(new(FaceKey, PipelineJson.Write(Face)));
        if (Gate is not null)
            properties.Add(new(GateKey, PipelineJson.Write(Gate)));
        return properties;
    }

    /// <summary>Reads the properties of a model file. Ignores unknown keys.</summary>
    /// <param name="properties">The file's metadata properties.</param>
    /// <exception cref="InvalidDataException">A property is missing or malformed, or the file follows other conventions.
    /// The message names the property.</exception>
    public static ModelMetadata FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (!properties.TryGetValue(FormatKey, out string? format))
        {
            throw new InvalidDataException(
                $"Not a KeypointPipeline model: metadata property '{FormatKey}' is missing. " +
                "Use a model.onnx that this pipeline trained.");
        }

        if (format != FormatVersion)
        {
            throw new InvalidDataException(
                $"The model's metadata follows conventions '{format}' (property '{FormatKey}'); this version reads '{FormatVersion}'. " +
                "Use a matching version of KeypointPipeline, or train the model again.");
        }

        KeypointSchema schema = ReadSchema(Required(properties, SchemaKey));
        var metadata = new ModelMetadata(
            schema,
            Required(properties, NetworkKey),
            ReadPixels(properties, ValidationRmseKey),
            Required(properties, DataFingerprintKey),
            properties.TryGetValue(SparseOffsetsKey, out string? offsets) ? ReadOffsets(offsets, schema) : null)
        {
            Gaps = new LabelGaps(ReadNames(properties, UnlabelledKey, schema), ReadNames(properties, UncalibratedKey, schema)),
            Framing = properties.TryGetValue(FramingKey, out string? framing) ? ReadFraming(framing, schema) : Framing.Given,
            Face = properties.TryGetValue(FaceKey, out string? face) ? ReadFace(face) : null,
            Gate = properties.TryGetValue(GateKey, out string? gate) ? ReadGate(gate) : null,
        };
        return properties.TryGetValue(FinderKey, out string? finder) ? metadata with { Finder = ReadFinder(finder) } : metadata;
    }

    private static string[] ReadNames(IReadOnlyDictionary<string, string> properties, string key, KeypointSchema schema)
    {
        if (!properties.TryGetValue(key, out string? json))
            return [];
        try
        {
            string[] names = PipelineJson.Read<string[]>(json);
            if (names.All(name => schema.Names.Contains(name, StringComparer.Ordinal)))
                return names;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model's metadata property '{key}' is not a list of names: {e.Message}", e);
        }

        throw new InvalidDataException($"The model's metadata property '{key}' is '{json}'; expected names of the model's keypoints.");
    }

    private static string Required(IReadOnlyDictionary<string, string> properties, string key) =>
        properties.TryGetValue(key, out string? value)
            ? value
            : throw new InvalidDataException($"The model's metadata property '{key}' is missing.");

    private static KeypointSchema ReadSchema(string json)
    {
        try
        {
            return PipelineJson.Read<KeypointSchema>(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The model's metadata property '{SchemaKey}' is not a keypoint schema: {e.Message}", e);
        }
    }

    private static Framing ReadFraming(string json, KeypointSchema schema)
    {
        try
        {
            Framing framing = PipelineJson.Read<Framing>(json);
            if (framing.Margin > 0 && (framing.Shape is not { } shape || (shape.Names is not null && shape.Points?.Count == 2 * shape.Names.Count)))
                return framing.For(schema.Names);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The model's metadata property '{FramingKey}' is not a framing: {e.Message}", e);
        }

        throw new InvalidDataException($"The model's metadata property '{FramingKey}' is '{json}'; expected a kind, a margin above 0 and a shape with two coordinates per name.");
    }

    private static FrameGate ReadGate(string json)
    {
        try
        {
            FrameGate gate = PipelineJson.Read<FrameGate>(json);
            if (double.IsFinite(gate.Found) && double.IsFinite(gate.Whole) && gate is { Found: > 0, Whole: > 0 })
                return gate;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model's metadata property '{GateKey}' is not a gate: {e.Message}", e);
        }

        throw new InvalidDataException($"The model's metadata property '{GateKey}' is '{json}'; expected two numbers of pixels above 0, found and whole.");
    }

    private static FaceAnchors ReadFace(string json)
    {
        try
        {
            FaceAnchors face = PipelineJson.Read<FaceAnchors>(json);
            if (face.IsUpright)
                return face;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The model's metadata property '{FaceKey}' does not say where eyes and mouth lie: {e.Message}", e);
        }

        throw new InvalidDataException(
            $"The model's metadata property '{FaceKey}' is '{json}'; expected the right eye left of the left eye, and the mouth below them.");
    }

    private static FinderKind ReadFinder(string text) => FinderNames.Parse(text) is FinderKind finder
        ? finder
        : throw new InvalidDataException($"The model's metadata property '{FinderKey}' is '{text}'; expected {FinderNames.All}.");

    private static double? ReadPixels(IReadOnlyDictionary<string, string> properties, string key)
    {
        if (!properties.TryGetValue(key, out string? text))
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double pixels) && double.IsFinite(pixels) && pixels >= 0
            ? pixels
            : throw new InvalidDataException($"The model's metadata property '{key}' is '{text}'; expected a number of pixels, 0 or more.");
    }

    private static string WriteOffsets(SparseOffsets offsets) => PipelineJson.Write(offsets.Values.ToArray().Chunk(2));

    private static SparseOffsets ReadOffsets(string json, KeypointSchema schema)
    {
        try
        {
            float[][] pairs = PipelineJson.Read<float[][]>(json);
            if (pairs.Length == schema.Count && pairs.All(pair => pair?.Length == 2))
                return new SparseOffsets([.. pairs.SelectMany(pair => pair)]);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The model's metadata property '{SparseOffsetsKey}' is not a list of offsets: {e.Message}", e);
        }

        throw new InvalidDataException(
            $"The model's metadata property '{SparseOffsetsKey}' is '{json}'; expected {schema.Count} pairs [dx,dy], one per keypoint.");
    }
}
