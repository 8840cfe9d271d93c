using Google.Protobuf;
using KeypointPipeline.Onnx.Format;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Wraps a graph as an ONNX file.</summary>
internal static class OnnxModel
{
    /// <summary>Version of the standard operators. Version 17 came with ONNX 1.12 in 2022, so runtimes since then can read it. No network
    /// here needs a newer operator, and a higher version would only exclude readers.</summary>
    public const int OperatorSet = 17;

    /// <summary>Version of the file format that belongs to <see cref="OperatorSet"/>.</summary>
    public const int FormatVersion = 8;

    /// <summary>The producer that the file names.</summary>
    public const string Producer = "KeypointPipeline";

    private const string Domain = "keypointpipeline";

    /// <summary>The file's bytes. The same graph and properties always give the same bytes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="properties">Metadata properties, written in this order.</param>
    /// <param name="description">Describes the model to people who open the file.</param>
    public static byte[] Serialize(GraphProto graph, IEnumerable<KeyValuePair<string, string>> properties, string description)
    {
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = Producer,
            ProducerVersion = ProducerVersion,
            Domain = Domain,
            ModelVersion = 1,
            DocString = description,
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        model.MetadataProps.Add(properties.Select(p => new StringStringEntryProto { Key = p.Key, Value = p.Value }));
        return model.ToByteArray();
    }

    /// <summary>The version, such as <c>0.1.0</c>. It leaves out the commit, which would change the bytes of an unchanged model.</summary>
    private static string ProducerVersion => typeof(OnnxModel).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
