using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace ClockifyFunctions.WebConsole;

/// <summary>
/// The console's files, which are resources of this assembly. They are served without a key: they hold no data, and the page sends the function
/// key with every call of the API.
/// </summary>
internal static class ConsolePage
{
    private const string Page = "index.html", Assets = "assets/", Prefix = "console/", Compressed = ".br";

    /// <summary>Scripts, styles and calls to this host only. No inline script, no inline style, no frame around it.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static readonly FrozenDictionary<string, ConsoleFile> Files = Read();

    public static IResult Home(HttpRequest request) => Serve(Page, request, request.HttpContext.Response);

    public static IResult File(HttpRequest request, string name) => Serve(name, request, request.HttpContext.Response);

    public static IResult Asset(HttpRequest request, string name) => Serve(Assets + name, request, request.HttpContext.Response);

    private static IResult Serve(string name, HttpRequest request, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (!Files.TryGetValue(name, out var file))
            return name == Page
                ? Results.Text("The console was not built into this app. Run ./build.sh build (it needs Node.js 20), then start the app again.\n", statusCode: 404)
                : Results.NotFound();

        // The names below assets/ carry a hash of their content.
        response.Headers.CacheControl = name.StartsWith(Assets, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(file.ETag)) return Results.StatusCode(304);
        if (!request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality != 0))
            return Results.Stream(new BrotliStream(new MemoryStream(file.Brotli, writable: false), CompressionMode.Decompress), file.ContentType);
        response.Headers.ContentEncoding = "br";
        return Results.Bytes(file.Brotli, file.ContentType);
    }

    private static FrozenDictionary<string, ConsoleFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Compressed, StringComparison.Ordinal))
            .ToFrozenDictionary(resource => resource[Prefix.Length..^Compressed.Length].Replace('\\', '/'), resource => ConsoleFile.Read(assembly, resource));
    }

    /// <param name="Brotli">Its content as it goes to browsers; others get it unpacked.</param>
    private sealed record ConsoleFile(byte[] Brotli, string ContentType, string ETag)
    {
        public static ConsoleFile Read(Assembly assembly, string resource)
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            // Weak: the same tag stands for the packed and the unpacked form.
            return new ConsoleFile(content, TypeOf(resource[..^Compressed.Length]), $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        }

        private static string TypeOf(string name) => Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
    }
}
