using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.Coco;

/// <summary>The pictures of one file by their ids. An id takes about 40 bytes of memory.</summary>
/// <param name="spool">Receives the pictures.</param>
/// <param name="file">Path of the label file if there are several; otherwise null.</param>
internal sealed class CocoImages(InstanceSpool spool, string? file)
{
    private readonly Dictionary<UInt128, int> _numbers = [];

    /// <summary>Returns the number of the picture that an annotation names.</summary>
    public int NumberOf(string? id)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, Hash(id), out bool exists);
        if (!exists)
            number = spool.Reserve();
        return number;
    }

    /// <summary>Takes over what <c>images</c> says about a picture.</summary>
    public void Describe(JsonElement image)
    {
        var picture = new LabelledPicture(image.FindText("file_name") ?? "", [])
        {
            File = file,
            StatedSize = (image.FindNumber("width"), image.FindNumber("height")) is ( >= 1 and <= int.MaxValue and var width, >= 1 and <= int.MaxValue and var height)
                ? ((int)width, (int)height)
                : null,
        };

        spool.Describe(NumberOf(image.FindId("id")), picture);
    }

    /// <summary>Gives a name to pictures that annotations name and <c>images</c> lacks, so that their annotations are reported.</summary>
    public void DescribeUnknown()
    {
        foreach (int number in _numbers.Values)
        {
            if (!spool.IsDescribed(number))
                spool.Describe(number, new LabelledPicture("(an image_id that \"images\" lacks)", []) { File = file });
        }
    }

    private static UInt128 Hash(string? id) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes((id ?? "").AsSpan()));
}
