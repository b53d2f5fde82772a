using System.Text.RegularExpressions;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class EndpointTemplateTests
{
    [Fact]
    public void ThereAreSixteenEndpointsWithDistinctNames()
    {
        Assert.Equal(16, EndpointTemplate.All.Count);
        Assert.Equal(16, EndpointTemplate.All.Select(template => template.Name).Distinct().Count());
    }

    [Fact]
    public void EveryPlaceholderOfAPathIsAnInputOrTheRecordsId()
    {
        foreach (var template in EndpointTemplate.All)
        {
            var placeholders = Regex.Matches(template.Path, @"\{(\w+)\}").Select(match => match.Groups[1].Value);
            string[] expected = template.NeedsId ? [.. template.Inputs, "id"] : [.. template.Inputs];
            Assert.Equal(expected, placeholders);
        }
    }

    [Fact]
    public void OnlyPostsCreateAndOnlyDeletesHaveNoBody()
    {
        foreach (var template in EndpointTemplate.All)
        {
            Assert.Equal(template.Method == HttpMethod.Post, template.CreatesOne);
            Assert.Equal(template.TakesBody, template.Fields.Count > 0);
        }
    }

    [Fact]
    public void NoFieldIsBothTakenAndLost()
    {
        foreach (var template in EndpointTemplate.All)
        {
            Assert.Empty(template.Lost.Select(lost => lost.Name).Intersect(template.Fields.Select(field => field.Name)));
            Assert.Equal(template.Fields.Count, template.Fields.Select(field => field.Name).Distinct().Count());
            Assert.All(template.Fields, field => Assert.Equal(field.Type == FieldType.Choice, field.Values.Count > 0));
        }
    }
}
