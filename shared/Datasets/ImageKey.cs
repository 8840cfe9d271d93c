using System.IO.Hashing;

namespace KeypointPipeline.Datasets;

/// <summary>The key of a row's picture. Rows with the same key show the same picture.</summary>
internal static class ImageKey
{
    /// <summary>Computes the key of a picture: 64 bits of the XXH128 of its pixels. 0 if all pixels are equal, because such a picture
    /// shows nothing, so that two of them need not belong together.</summary>
    /// <param name="pixels">H·W grey bytes, at least one.</param>
    public static ulong Of(ReadOnlySpan<byte> pixels) => Of(pixels, XxHash128.HashToUInt128(pixels));

    /// <summary>Computes the key of a picture whose XXH128 is known.</summary>
    /// <param name="pixels">The row's pixels.</param>
    /// <param name="hash">XXH128 of the pixels, or of the picture's file if the row is a frame of it. All frames of one file then share a key.</param>
    public static ulong Of(ReadOnlySpan<byte> pixels, UInt128 hash) => pixels.ContainsAnyExcept(pixels[0]) ? (ulong)hash : 0;

    /// <summary>Computes 64 bits of the XXH128 of each of the 256 pictures without contrast.</summary>
    /// <param name="pixels">Number of pixels, H·W.</param>
    public static HashSet<ulong> HashesWithoutContrast(int pixels)
    {
        byte[] picture = new byte[pixels];
        var hashes = new HashSet<ulong>();
        for (int grey = 0; grey <= byte.MaxValue; grey++)
        {
            picture.AsSpan().Fill((byte)grey);
            hashes.Add((ulong)XxHash128.HashToUInt128(picture));
        }

        return hashes;
    }
}
