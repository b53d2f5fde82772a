using System.Text.Json;
using ClockifyFunctions.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ClockifyFunctions.Tests.Api;

public class QueryTests
{
    [Fact]
    public void UnknownParametersAreRefusedByName()
    {
        Assert.Equal(["ofset is unknown; this operation takes: limit, offset.", "x is unknown; this operation takes: limit, offset."], ErrorsOf(QueryNames.Refuse(Of("?ofset=1&limit=2&x"), ["limit", "offset"])));
        Assert.Equal(["limit is unknown; this operation takes no query parameters."], ErrorsOf(QueryNames.Refuse(Of("?limit=2"), [])));
    }

    [Fact]
    public void ParametersOfTheHostAreAccepted() => Assert.Null(QueryNames.Refuse(Of("?code=function-key&clientId=default&limit=1"), ["limit", "offset"]));

    [Fact]
    public void AllWrongValuesAreReportedTogether()
    {
        var query = new Query(Of("?limit=0&offset=-1&force=yes&sort=size&seconds=1&seconds=2"));
        Page.Read(query);
        query.Flag("force");
        query.Choice("sort", SummarySort.Trouble);
        query.Number("seconds", 0, 0, 120);
        Assert.Equal(
            [
                "offset '-1' is not a whole number from 0 to 2147483647.", "limit '0' is not a whole number from 1 to 1000.", "force 'yes' is neither true nor false.",
                "sort 'size' is unknown; use one of: trouble, name, waiting.", "seconds is given 2 times; give it once.",
            ],
            ErrorsOf(query.Refusal));
    }

    [Fact]
    public void APageContainsAPartOfTheListAndItsTotalLength()
    {
        var (query, context) = (new Query(Of("?limit=2&offset=3")), new DefaultHttpContext());
        Assert.Equal([3, 4], Page.Read(query).Of([0, 1, 2, 3, 4, 5, 6], context.Response));
        Assert.Equal("7", context.Response.Headers["X-Total-Count"]);
        Assert.Null(query.Refusal);
    }

    private static QueryCollection Of(string query) => new(new Dictionary<string, StringValues>(QueryHelpers.ParseQuery(query), StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> ErrorsOf(IResult? refusal) =>
        Assert.IsAssignableFrom<IValueHttpResult<ProblemDetailsView>>(refusal).Value!.Errors!.Select(error => $"{error.Path} {error.Message}");
}
