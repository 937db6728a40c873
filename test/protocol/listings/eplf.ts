/** https://cr.yp.to/ftp/list/eplf.html, and FileZilla's test for the mode. */
export const eplf = `
+i8388621.48594,m825718503,r,s280,\tdjb.html
+i8388621.50690,m824255907,/,\t514
+i8388621.48598,m824253270,r,s612,up755\ttwo words.html
+i8388621.48599,\tdevice
`;
