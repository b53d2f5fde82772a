using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>The response to "List Blobs".</summary>
internal static class BlobList
{
    private const int PageSize = 5000;

    public static HttpResponseMessage Answer(string container, SortedDictionary<string, StoredBlob> blobs, BlobQuery query)
    {
        var (prefix, marker, delimiter) = (query["prefix"] ?? "", query["marker"] ?? "", query["delimiter"]);
        var size = query["maxresults"] is { } most ? int.Parse(most, CultureInfo.InvariantCulture) : PageSize;
        var withMetadata = query["include"]?.Contains("metadata", StringComparison.OrdinalIgnoreCase) == true;
        var (page, folders, next) = (new XElement("Blobs"), new HashSet<string>(StringComparer.Ordinal), "");
        foreach (var (name, blob) in blobs)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || string.CompareOrdinal(name, marker) < 0) continue;
            if (page.Nodes().Count() == size)
            {
                next = name;
                break;
            }

            var end = delimiter is null ? -1 : name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            if (end < 0) page.Add(Describe(name, blob, withMetadata));
            else if (folders.Add(name[..(end + delimiter!.Length)])) page.Add(new XElement("BlobPrefix", new XElement("Name", name[..(end + delimiter.Length)])));
        }

        var list = new XElement("EnumerationResults", new XAttribute("ServiceEndpoint", "http://in-memory/"), new XAttribute("ContainerName", container), page, new XElement("NextMarker", next));
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(list.ToString(SaveOptions.DisableFormatting))) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        return answer;
    }

    private static XElement Describe(string name, StoredBlob blob, bool withMetadata)
    {
        var item = new XElement(
            "Blob",
            new XElement("Name", name),
            new XElement(
                "Properties",
                new XElement("Creation-Time", blob.CreatedOn.ToString("R", CultureInfo.InvariantCulture)),
                new XElement("Last-Modified", blob.LastModified.ToString("R", CultureInfo.InvariantCulture)),
                new XElement("Etag", blob.ETag.Trim('"')),
                new XElement("Content-Length", blob.Length),
                new XElement("Content-Type", blob.ContentType),
                new XElement("BlobType", blob.Type),
                new XElement("LeaseStatus", blob.Lease.IsHeld ? "locked" : "unlocked"),
                new XElement("LeaseState", blob.Lease.State)));
        if (withMetadata) item.Add(new XElement("Metadata", blob.Metadata.Select(entry => new XElement(entry.Key, entry.Value))));
        return item;
    }
}
