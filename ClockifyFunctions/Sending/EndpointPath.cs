using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>Builds the URLs of lists and objects that belong to a rendered call. Their paths use the placeholders of the endpoint's path.</summary>
internal static class EndpointPath
{
    /// <summary>The placeholder for the user id of the API key's owner.</summary>
    public const string Me = "{me}";

    /// <param name="path">A path with placeholders of the endpoint's path, <see cref="Me"/>, or fields of <paramref name="sent"/>.</param>
    /// <param name="me">User id of the API key's owner; required if the path contains <see cref="Me"/>.</param>
    public static string Resolve(Destination destination, RenderedRequest request, string path, JsonElement sent = default, string? me = null)
    {
        var (values, from) = (request.Url.AbsolutePath.Split('/'), destination.Endpoint!.Segments);
        var url = new StringBuilder(destination.Credential.BaseUrl.AbsoluteUri.TrimEnd('/')).Append('/');
        for (var at = 0; at < path.Length;)
        {
            var end = path[at] == '{' ? path.IndexOf('}', at) + 1 : path.IndexOf('{', at) is var open and >= 0 ? open : path.Length;
            var part = path[at..end];
            at = end;
            if (part[0] != '{') url.Append(part);
            else if (part == Me) url.Append(Uri.EscapeDataString(me!));
            // Values from the path of the call are percent-encoded already.
            else if (Array.IndexOf(from, part) is var index and >= 0) url.Append(values[values.Length - from.Length + index]);
            else url.Append(Uri.EscapeDataString(NaturalKey.Text(sent, part[1..^1])));
        }

        return url.ToString();
    }

    /// <summary>Returns the value that a call's path has for a placeholder of its endpoint. <c>{id}</c> is the object that the call changes.</summary>
    public static string ValueOf(Destination destination, RenderedRequest request, string placeholder) =>
        Uri.UnescapeDataString(Resolve(destination, request, placeholder).AsSpan()[(destination.Credential.BaseUrl.AbsoluteUri.TrimEnd('/').Length + 1)..].ToString());
}
