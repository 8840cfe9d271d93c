using System.Security.Cryptography;

namespace KeypointPipeline.Page;

/// <summary>A file of the page, from the shared assembly. It holds no data of anybody.</summary>
public sealed class PageFile
{
    /// <summary>The name of the page itself.</summary>
    public const string Index = "index.html";

    private const string ResourcePrefix = "page/";
    private const int HashCharacters = 32;

    private readonly byte[] _content;

    private PageFile(byte[] content, string contentType)
    {
        _content = content;
        ContentType = contentType;
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..HashCharacters]}\"";
    }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>A strong ETag, in quotes: the hash of its content.</summary>
    public string ETag { get; }

    /// <summary>All files by name, with <c>/</c> between folders.</summary>
    public static IReadOnlyDictionary<string, PageFile> All { get; } = Read();

    /// <summary>Headers of every file. The page runs and loads its own files only, sends requests to its own host only, and no other
    /// site can show it inside a page. <c>blob:</c> lets it show pictures that it fetched with the key.</summary>
    public static IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["Content-Security-Policy"] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Referrer-Policy"] = "no-referrer",
        ["Cache-Control"] = "no-cache",
    };

    /// <summary>Opens its content.</summary>
    public Stream Open() => new MemoryStream(_content, writable: false);

    private static Dictionary<string, PageFile> Read()
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (string resource in typeof(PageFile).Assembly.GetManifestResourceNames())
        {
            // Builds on Windows write the folders of a resource with backslashes.
            string name = resource.Replace('\\', '/');
            if (name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                files.Add(name[ResourcePrefix.Length..], Read(resource));
        }

        return files;
    }

    private static PageFile Read(string resource)
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new PageFile(content, MediaType(resource));
    }

    private static string MediaType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"The page has no files that end in {other}. Add the media type here."),
    };
}
