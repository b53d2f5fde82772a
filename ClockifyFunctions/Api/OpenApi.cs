using System.Reflection;

namespace ClockifyFunctions.Api;

/// <summary>The description of the HTTP API: the file <c>openapi.json</c> of this folder.</summary>
internal static class OpenApi
{
    private static readonly Lazy<byte[]> Document = new(Read);

    public static IResult Answer() => Results.Bytes(Document.Value, "application/json");

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
