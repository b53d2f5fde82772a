using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Api;

/// <summary>Compares the OpenAPI description with the functions of the app.</summary>
public sealed partial class OpenApiTests
{
    [Fact]
    public void EveryHttpFunctionIsDescribedAndNothingElse()
    {
        var functions = AppFunctions.Triggers("httpTrigger").Select(function => (
            Name: function.Key, Method: (string)function.Value["methods"]![0]!, Path: "/" + Constraint().Replace((string)function.Value["route"]!, "}"),
            NeedsKey: (string?)function.Value["authLevel"] switch { "Anonymous" => false, "Function" => true, var other => throw new InvalidOperationException($"unexpected level {other}") }));
        var described = ApiDescription.Operations.Select(operation => (
            Name: (string)operation.Node["operationId"]! is var id ? char.ToUpperInvariant(id[0]) + id[1..] : "", operation.Method, operation.Path,
            NeedsKey: operation.Node["security"] is not JsonArray { Count: 0 }));
        Assert.Equal(functions.Order(), described.Order());
    }

    [Fact]
    public void EveryOperationHasATagASummaryAndItsPathParameters()
    {
        var tags = ApiDescription.Document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToArray();
        Assert.All(ApiDescription.Operations, operation =>
        {
            Assert.Contains((string)Assert.Single(operation.Node["tags"]!.AsArray())!, tags);
            Assert.NotEmpty((string)operation.Node["summary"]!);
            var parameters = (operation.Node["parameters"]?.AsArray() ?? []).Select(parameter => ApiDescription.Resolve(parameter!)).Where(parameter => (string?)parameter["in"] == "path").Select(parameter => (string)parameter["name"]!);
            Assert.Equal(PathParameter().Matches(operation.Path).Select(match => match.Groups[1].Value), parameters);
        });
    }

    [Fact]
    public void EveryReferenceHasATargetAndEveryComponentIsUsed()
    {
        var text = ApiDescription.Document.ToJsonString();
        var references = Reference().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order().ToArray();
        var components = ApiDescription.Document["components"]!.AsObject().Where(kind => kind.Key != "securitySchemes")
            .SelectMany(kind => kind.Value!.AsObject().Select(component => $"#/components/{kind.Key}/{component.Key}"));
        Assert.Equal(components.Order(), references);
    }

    [GeneratedRegex(@":regex\(.*?\)\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("\"\\$ref\":\"(.*?)\"")]
    private static partial Regex Reference();
}
