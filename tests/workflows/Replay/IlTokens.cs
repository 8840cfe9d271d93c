using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>Finds the methods that a method body names (ECMA-335, partition III: one or two bytes of operation, then an operand of
/// a size that the operation fixes).</summary>
internal static class IlTokens
{
    private const byte TwoByteOperation = 0xFE;

    private static readonly Dictionary<short, OpCode> Operations = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Methods called, created with, or pointed at, in order.</summary>
    public static IEnumerable<EntityHandle> Methods(byte[] code)
    {
        int at = 0;
        while (at < code.Length)
        {
            short value = code[at++];
            if (value == TwoByteOperation)
                value = unchecked((short)((TwoByteOperation << 8) | code[at++]));
            OpCode operation = Operations[value];
            if (operation.OperandType is OperandType.InlineMethod)
                yield return MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)));
            at += OperandSize(operation.OperandType, code.AsSpan(at));
        }
    }

    private static int OperandSize(OperandType type, ReadOnlySpan<byte> operand) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(operand)),
        _ => 4,
    };
}
