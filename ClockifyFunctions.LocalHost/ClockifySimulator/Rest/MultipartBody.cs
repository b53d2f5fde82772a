using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The parts of a <c>multipart/form-data</c> body, by name; a file part has its file name as its value.</summary>
internal sealed class MultipartBody
{
    private readonly Dictionary<string, List<string>> parts = new(StringComparer.Ordinal);

    /// <summary>Null where the content is of another kind; the service then finds none of its parameters.</summary>
    public static MultipartBody? Read(Call call)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Context.Request.ContentType, out var type) || type.MediaType != "multipart/form-data")
            return null;

        var body = new MultipartBody();
        var reader = new MultipartReader(
            HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), new MemoryStream(Encoding.UTF8.GetBytes(call.Exchange.Body)));
        while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
        {
            var about = section.GetContentDispositionHeader()!;
            var value = about.FileName.HasValue ? about.FileName.Value! : section.ReadAsStringAsync().GetAwaiter().GetResult();
            var name = HeaderUtilities.RemoveQuotes(about.Name).ToString();
            if (!body.parts.TryGetValue(name, out var values))
                body.parts.Add(name, values = []);
            values.Add(value.Trim('"'));
        }

        return body;
    }

    public string? Text(string name) => parts.TryGetValue(name, out var values) ? values[0] : null;

    public IReadOnlyList<string> Texts(string name) => parts.TryGetValue(name, out var values) ? values : [];
}
