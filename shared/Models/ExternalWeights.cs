namespace KeypointPipeline.Models;

/// <summary>Detects whether an ONNX file keeps weights in other files. ONNX Runtime would read those from the paths that the file names.
/// Parses the protocol-buffer wire format only as far as it leads to tensors. Field numbers come from onnx.proto3.</summary>
internal static class ExternalWeights
{
    /// <summary>Deepest nesting of messages. Protocol-buffer readers refuse more. A file with deeper nesting counts as a file with external
    /// weights.</summary>
    private const int Deepest = 100;

    private enum Message
    {
        Model,
        TrainingInfo,
        Function,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
    }

    /// <summary>Gets whether the values of any tensor are outside the file. A file that is not ONNX has no tensors.</summary>
    public static bool AnyIn(ReadOnlySpan<byte> file) => AnyIn(file, Message.Model, depth: 0);

    private static bool AnyIn(ReadOnlySpan<byte> text, Message message, int depth)
    {
        while (TryReadField(ref text, out int field, out ulong value, out ReadOnlySpan<byte> content))
        {
            if (message == Message.Tensor && (field == 13 || (field == 14 && value != 0)))
                return true;
            if (Child(message, field) is Message child && (depth == Deepest || AnyIn(content, child, depth + 1)))
                return true;
        }

        return false;
    }

    private static Message? Child(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) or (Message.TrainingInfo, 1 or 2) or (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Model, 20) => Message.TrainingInfo,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) or (Message.Function, 7) => Message.Node,
        (Message.Node, 5) or (Message.Function, 11) => Message.Attribute,
        (Message.Graph, 5) or (Message.Attribute, 5 or 10) or (Message.SparseTensor, 1 or 2) => Message.Tensor,
        (Message.Graph, 15) or (Message.Attribute, 22 or 23) => Message.SparseTensor,
        _ => null,
    };

    /// <summary>Removes the next field from the text. Returns false at the end, or if the text does not begin with a field.</summary>
    private static bool TryReadField(ref ReadOnlySpan<byte> text, out int field, out ulong value, out ReadOnlySpan<byte> content)
    {
        field = 0;
        value = 0;
        content = [];
        if (!TryReadVarint(ref text, out ulong tag))
            return false;
        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                return TryReadVarint(ref text, out value);
            case 1:
                return TryTake(ref text, sizeof(ulong), out content);
            case 2:
                return TryReadVarint(ref text, out ulong length) && TryTake(ref text, length, out content);
            case 5:
                return TryTake(ref text, sizeof(uint), out content);
            default:
                return (tag & 7) is 3 or 4; // Start or end of a group: its fields are read as if there were no group.
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = [];
        if (length > (ulong)text.Length)
            return false;
        taken = text[..(int)length];
        text = text[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        for (int i = 0; i < text.Length && i < 10; i++)
        {
            value |= (ulong)(text[i] & 0x7F) << (7 * i);
            if (text[i] >= 0x80)
                continue;
            text = text[(i + 1)..];
            return true;
        }

        return false;
    }
}
