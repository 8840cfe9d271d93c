using System.Text;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>NumPy's files, as <c>numpy.save</c> writes them.</summary>
internal static class NumPyFiles
{
    /// <summary>A file of bytes.</summary>
    public static byte[] Array(byte[] elements, string shape, bool fortran = false, string type = "|u1", int version = 1)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}";
        return WithHeader(header, elements, version);
    }

    /// <summary>A file with any header.</summary>
    public static byte[] WithHeader(string header, byte[] elements, int version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header.PadRight(117) + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes((uint)text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. elements];
    }

    /// <summary>The images as height × width × images, in C order: what the published copy of Kaggle's faces holds.</summary>
    public static byte[] ImagesLast(IReadOnlyList<byte[]> images)
    {
        int pixels = images[0].Length;
        byte[] elements = new byte[pixels * images.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = images[i % images.Count][i / images.Count];
        return elements;
    }

    /// <summary>Different images: pixel and number show where a byte belongs.</summary>
    public static byte[][] Draw(int images, int pixels) =>
        [.. Enumerable.Range(0, images).Select(image => Enumerable.Range(0, pixels).Select(pixel => (byte)((pixel * 7) + (image * 31))).ToArray())];
}
