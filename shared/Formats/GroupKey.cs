using System.IO.Hashing;
using System.Text;

namespace KeypointPipeline.Formats;

/// <summary>Hashes the value of a <c>group</c> column, for example a person's name: the low 64 bits of the XXH128 of its UTF-8 bytes,
/// without surrounding blanks and tabs. Prepared datasets hold this hash, never the name.</summary>
public static class GroupKey
{
    /// <summary>Hashes a field of a file. Returns null if the row has no group.</summary>
    public static ulong? Of(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> group = field.Trim(" \t"u8);
        return group.IsEmpty ? null : (ulong)XxHash128.HashToUInt128(group);
    }

    /// <summary>Hashes a name that a person typed. Returns null if it is empty.</summary>
    public static ulong? Of(string name) => Of(Encoding.UTF8.GetBytes(name));
}
