using System.Globalization;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>The request of each endpoint for its example, one file per group. <c>UPDATE_GOLDEN=1</c> accepts a change.</summary>
public sealed class CatalogGoldenTests
{
    public static TheoryData<string> Groups => [.. EndpointTemplate.All.Select(endpoint => endpoint.Group).Distinct()];

    [Theory]
    [MemberData(nameof(Groups))]
    public void TheExampleOfAnEndpointIsRenderedWithoutAProblem(string group)
    {
        var text = new StringBuilder();
        foreach (var endpoint in EndpointTemplate.All.Where(endpoint => endpoint.Group == group))
        {
            var preview = Preview.Of(Examples.Destination(endpoint), [endpoint.Example], Written.Now, TestContext.Current.CancellationToken);
            Assert.Empty(preview.Refused);
            var call = Assert.Single(preview.Requests);
            Assert.Empty(call.Warnings);
            text.Append(CultureInfo.InvariantCulture, $"## {endpoint.Name}\n{call.Request.Method} {call.Request.Url.AbsoluteUri}\n");
            if (!call.Request.Body.IsEmpty) text.Append(CultureInfo.InvariantCulture, $"Content-Type: {call.Request.ContentType}\n\n{Encoding.UTF8.GetString(call.Request.Body.Span).ReplaceLineEndings("\n")}\n");
            text.Append('\n');
        }

        Golden.Same($"Catalog/{group.Replace(' ', '-').ToLowerInvariant()}.txt", text.ToString());
    }
}
